//! Diagrams, from the reference city to DOT, SVG and PNG.

mod city;
