//! How wide a text is, and where its lines break.
//!
//! Widths are counted in columns: a full-width character takes two, as in a table of a Japanese office.

/// Characters that must not begin a line (行頭禁則).
const NOT_FIRST: &str = "、。，．・：；？！ー々ゝゞ）］｝」』】〕〉》”’,.:;?!)]}%…ぁぃぅぇぉっゃゅょァィゥェォッャュョ";

/// Characters that must not end a line (行末禁則).
const NOT_LAST: &str = "（［｛「『【〔〈《“‘([{#";

/// Ranges of characters that take two columns: CJK, kana, hangul, full-width forms, emoji.
const WIDE: [(u32, u32); 11] = [
    (0x1100, 0x115F),
    (0x2E80, 0x303E),
    (0x3041, 0x33FF),
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xA000, 0xA4CF),
    (0xAC00, 0xD7A3),
    (0xF900, 0xFAFF),
    (0xFE30, 0xFE6F),
    (0xFF00, 0xFF60),
    (0xFFE0, 0xFFE6),
];

/// Ranges of characters that take no column of their own: combining marks, joiners, variation selectors.
const ZERO: [(u32, u32); 8] = [
    (0x0300, 0x036F),
    (0x0591, 0x05BD),
    (0x064B, 0x065F),
    (0x200B, 0x200F),
    (0x2060, 0x2064),
    (0x20D0, 0x20FF),
    (0xFE00, 0xFE0F),
    (0xE0100, 0xE01EF),
];

fn within(ranges: &[(u32, u32)], character: char) -> bool {
    let code = u32::from(character);
    ranges.iter().any(|(first, last)| (*first..=*last).contains(&code))
}

/// What a line costs, so that fewer lines are better than even ones.
const ANOTHER_LINE: usize = 1_000;

/// What a break inside a word costs, in squares of columns.
const UGLY_BREAK: usize = 40;

/// The columns that a character takes: 0, 1 or 2.
pub fn character_width(character: char) -> usize {
    if character.is_control() || within(&ZERO, character) {
        return 0;
    }
    let code = u32::from(character);
    let pictograph = (0x1F300..=0x1FAFF).contains(&code) || (0x20000..=0x3FFFD).contains(&code);
    if pictograph || within(&WIDE, character) { 2 } else { 1 }
}

/// The columns that a text takes on one line.
pub fn display_width(text: &str) -> usize {
    text.chars().map(character_width).sum()
}

/// Breaks a text into as few lines of at most `width` columns as possible, of about equal length.
///
/// Words of Latin letters and of katakana stay whole where they fit, brackets and punctuation stay
/// with what they belong to; between kanji a line breaks only where nothing better is near.
/// At most `most_lines` lines; what does not fit ends in `…`.
/// White space and line breaks of the text are places to break, nothing more.
pub fn wrap(text: &str, width: usize, most_lines: usize) -> Vec<String> {
    let width = width.max(2);
    let pieces = pieces(text, width);
    let lines = best_lines(&pieces, width);
    shorten(lines, width, most_lines.max(1))
}

/// Cuts a text to one line of at most `width` columns, `…` standing for what is cut.
pub fn clip(text: &str, width: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if display_width(&line) <= width {
        return line;
    }
    cut(&line, width.saturating_sub(1)) + "…"
}

/// The longest beginning of a text that takes at most `width` columns.
fn cut(text: &str, width: usize) -> String {
    let mut taken = 0;
    let fits = |character: &char| {
        taken += character_width(*character);
        taken <= width
    };
    text.chars().take_while(fits).collect()
}

/// What must not be broken, and whether white space stood before it.
struct Piece {
    text: String,
    width: usize,
    spaced: bool,
}

/// How a character joins its neighbours into a word.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Space,
    Latin,
    Katakana,
    Single,
}

fn class(character: char) -> Class {
    match character {
        c if c.is_whitespace() => Class::Space,
        'ァ'..='ヺ' | 'ー' => Class::Katakana,
        c if character_width(c) == 2 => Class::Single,
        _ => Class::Latin,
    }
}

fn pieces(text: &str, width: usize) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let (mut last, mut spaced) = (Class::Space, false);
    for character in text.chars() {
        let class = class(character);
        if class == Class::Space {
            spaced = true;
        } else {
            let joins = pieces.last().is_some_and(|piece| joins(piece, last, class, character, spaced, width));
            match pieces.last_mut() {
                Some(piece) if joins => {
                    piece.text.push(character);
                    piece.width += character_width(character);
                }
                _ => pieces.push(Piece { text: character.into(), width: character_width(character), spaced }),
            }
            spaced = false;
        }
        last = class;
    }
    pieces
}

/// Whether a character belongs to the piece before it.
fn joins(piece: &Piece, last: Class, class: Class, character: char, spaced: bool, width: usize) -> bool {
    if spaced || piece.width + character_width(character) > width {
        return character_width(character) == 0 && !spaced;
    }
    let word = class == last && class != Class::Single;
    let opens = piece.text.chars().next_back().is_some_and(|end| NOT_LAST.contains(end));
    word || opens || NOT_FIRST.contains(character) || character_width(character) == 0
}

/// The width of some pieces on one line.
fn line_width(pieces: &[Piece]) -> usize {
    let spaces = pieces.iter().skip(1).filter(|piece| piece.spaced).count();
    spaces + pieces.iter().map(|piece| piece.width).sum::<usize>()
}

/// How ugly it is to begin a line with this piece.
fn break_cost(before: &Piece, piece: &Piece) -> usize {
    let edge = (before.text.chars().next_back(), piece.text.chars().next());
    match edge {
        _ if piece.spaced => 0,
        (Some(end), _) if NOT_FIRST.contains(end) || "・/-→".contains(end) => 0,
        (_, Some(start)) if NOT_LAST.contains(start) => 0,
        // A number stays with what it counts.
        (Some(end), Some(start)) if class(end) == class(start) || end.is_ascii_digit() => UGLY_BREAK,
        _ => 0,
    }
}

/// The cheapest way to break: cost of a line is one square of what it lacks of the ideal length.
/// Takes time proportional to the pieces times those that fit a line.
fn best_lines(pieces: &[Piece], width: usize) -> Vec<String> {
    let least = line_width(pieces).div_ceil(width).max(1);
    let ideal = line_width(pieces).div_ceil(least);
    let mut best: Vec<(usize, usize)> = vec![(0, 0)];
    for end in 1..=pieces.len() {
        let mut choice = (usize::MAX, end - 1);
        for start in (0..end).rev() {
            let used = line_width(&pieces[start..end]);
            if used > width && start + 1 < end {
                break;
            }
            let ugly = if start == 0 { 0 } else { break_cost(&pieces[start - 1], &pieces[start]) };
            let cost = best[start].0 + ANOTHER_LINE + ugly + used.abs_diff(ideal).pow(2);
            if cost < choice.0 {
                choice = (cost, start);
            }
        }
        best.push(choice);
    }
    let mut lines = Vec::new();
    let mut end = pieces.len();
    while end > 0 {
        let start = best[end].1;
        lines.push(joined(&pieces[start..end]));
        end = start;
    }
    lines.reverse();
    lines
}

fn joined(pieces: &[Piece]) -> String {
    let mut line = String::new();
    for (place, piece) in pieces.iter().enumerate() {
        if piece.spaced && place > 0 {
            line.push(' ');
        }
        line.push_str(&piece.text);
    }
    line
}

fn shorten(mut lines: Vec<String>, width: usize, most: usize) -> Vec<String> {
    if lines.len() > most {
        lines.truncate(most);
        if let Some(last) = lines.last_mut() {
            *last = cut(last, width - 1) + "…";
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_are_those_of_a_terminal() {
        for (text, width) in [
            ("", 0),
            ("abc", 3),
            ("住民記録", 8),
            ("ﾊﾝｶｸ", 4),
            ("Ａ１", 4),
            ("e\u{301}", 1),
            ("🙂", 2),
            ("שלום", 4),
            ("（住）", 6),
            ("a\u{200b}b", 2),
        ] {
            assert_eq!(display_width(text), width, "{text:?}");
        }
    }

    #[test]
    fn lines_are_even_and_words_stay_whole() {
        assert_eq!(wrap("住民記録システム", 20, 4), ["住民記録システム"]);
        // 26 columns: two lines, and no break inside 広域 or システム.
        assert_eq!(wrap("後期高齢者医療広域システム", 20, 4), ["後期高齢者医療", "広域システム"]);
        assert_eq!(wrap("Resident Record System", 16, 4), ["Resident", "Record System"]);
        assert_eq!(wrap("abcdefghij", 4, 9), ["abcd", "efgh", "ij"]);
    }

    #[test]
    fn a_number_stays_with_what_it_counts() {
        assert_eq!(wrap("転入者が4課を回り同じ住所氏名を平均5回書く", 20, 4)[0], "転入者が4課を回");
    }

    #[test]
    fn brackets_and_punctuation_stay_with_their_words() {
        assert_eq!(wrap("一二三四（五六）", 10, 4), ["一二三四", "（五六）"]);
        assert_eq!(wrap("一二三。四五", 6, 4), ["一二", "三。", "四五"]);
    }

    #[test]
    fn what_does_not_fit_is_said_to_be_missing() {
        assert_eq!(wrap("一二三四五六", 4, 2), ["一二", "三…"]);
        assert_eq!(clip("一二三四五六", 7), "一二三…");
        assert_eq!(clip("a\nb", 7), "a b");
    }

    #[test]
    fn no_line_is_wider_than_asked_for() {
        let texts = [
            "ガバメントクラウド（CSP共同利用方式）",
            "a very long name, with 日本語 in it",
            "🙂🙂🙂🙂",
            "！！！！！！！！",
        ];
        for (text, width) in texts.iter().flat_map(|text| (4..30).map(move |width| (text, width))) {
            let lines = wrap(text, width, 99);
            assert!(lines.iter().all(|line| display_width(line) <= width), "{width} {lines:?}");
            let joined: String = lines.concat().split_whitespace().collect();
            assert_eq!(joined, text.split_whitespace().collect::<String>(), "{width}");
        }
    }
}
