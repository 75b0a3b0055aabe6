#!/bin/sh
# Fills a file system of 50 MB again and again under a ledger. Needs root and loop devices.
#         disk_full.sh WRITER [ext4|xfs] [CYCLES]
set -eu
writer=$1
kind=${2:-ext4}
cycles=${3:-10}
work=$(mktemp -d)
mount=$work/mount
device=
cleanup() {
    umount "$mount" 2>/dev/null || true
    [ -z "$device" ] || losetup -d "$device" 2>/dev/null || true
    rm -rf "$work"
}
trap cleanup EXIT
# xfs cannot be smaller than 300 MB; ballast takes the rest.
case $kind in
ext4) truncate -s 50M "$work/image"; mkfs.ext4 -q -F -m 0 "$work/image" ;;
xfs) truncate -s 300M "$work/image"; mkfs.xfs -q -f "$work/image" ;;
esac
device=$(losetup --find --show "$work/image")
mkdir "$mount"
mount "$device" "$mount"
"$writer" full "$mount/data" "$mount/ballast" "$cycles"
echo "disk full, $kind: $cycles cycles"
