//! Lines out of pieces, in one buffer that does not grow with the bill.

use std::ops::Range;

/// No line of a bill is nearly as long. What is longer is not a bill, and is not read to its end.
pub(super) const LONGEST: usize = 1 << 20;

/// The received bytes that were not consumed yet.
#[derive(Debug, Default)]
pub(super) struct Lines {
    bytes: Vec<u8>,
    /// Where the next line begins.
    start: usize,
    /// Up to where there is no line feed.
    searched: usize,
}

/// The line is longer than [`LONGEST`].
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TooLong;

impl Lines {
    /// Adds a piece. Consumed lines are removed.
    pub(super) fn push(&mut self, piece: &[u8]) {
        self.bytes.drain(..self.start);
        self.searched -= self.start;
        self.start = 0;
        self.bytes.extend_from_slice(piece);
    }

    /// Takes a whole line, without its end; when nothing more comes (`ended`), the rest as well.
    pub(super) fn take(&mut self, ended: bool) -> Result<Option<Range<usize>>, TooLong> {
        let rest = self.bytes.get(self.searched..).unwrap_or_default();
        let line_feed = rest.iter().position(|byte| *byte == b'\n').map(|at| self.searched + at);
        let (end, next) = match line_feed {
            Some(at) => (at, at + 1),
            None if ended && self.start < self.bytes.len() => (self.bytes.len(), self.bytes.len()),
            None => {
                self.searched = self.bytes.len();
                let waiting = self.bytes.len() - self.start;
                return if waiting > LONGEST { Err(TooLong) } else { Ok(None) };
            }
        };
        let line = self.start..end;
        if line.len() > LONGEST {
            return Err(TooLong);
        }
        (self.start, self.searched) = (next, next);
        Ok(Some(line))
    }

    /// The bytes of a line that was consumed since the last piece was added.
    pub(super) fn get(&self, line: Range<usize>) -> &[u8] {
        let line = self.bytes.get(line).unwrap_or_default();
        line.strip_suffix(b"\r").unwrap_or(line)
    }

    #[cfg(test)]
    pub(super) fn capacity(&self) -> usize {
        self.bytes.capacity()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(pieces: &[&[u8]]) -> Vec<Vec<u8>> {
        let mut lines = Lines::default();
        let mut found = Vec::new();
        for piece in pieces {
            lines.push(piece);
            while let Some(line) = lines.take(false).unwrap() {
                found.push(lines.get(line).to_vec());
            }
        }
        while let Some(line) = lines.take(true).unwrap() {
            found.push(lines.get(line).to_vec());
        }
        found
    }

    #[test]
    fn lines_are_the_same_however_they_come_in() {
        let text = "a\r\n\nbc\n支付\nlast".as_bytes();
        let expected: Vec<Vec<u8>> = ["a", "", "bc", "支付", "last"]
            .map(|line| line.as_bytes().to_vec())
            .into();
        assert_eq!(all(&[text]), expected);
        for at in 0..=text.len() {
            let (one, other) = text.split_at(at);
            assert_eq!(all(&[one, other]), expected, "split at {at}");
        }
        assert_eq!(all(&text.chunks(1).collect::<Vec<_>>()), expected);
        assert_eq!(all(&[b""]), Vec::<Vec<u8>>::new());
        assert_eq!(all(&[b"a\n"]), [b"a".to_vec()]);
    }

    #[test]
    fn a_line_without_end_is_given_up() {
        let mut lines = Lines::default();
        let piece = vec![b'x'; 1 << 16];
        for _ in 0..16 {
            lines.push(&piece);
            assert_eq!(lines.take(false), Ok(None));
        }
        lines.push(b"x");
        assert_eq!(lines.take(false), Err(TooLong));
    }

    #[test]
    fn a_line_is_too_long_however_it_comes_in() {
        let mut line = vec![b'x'; LONGEST + 1];
        line.push(b'\n');
        for piece in [line.len(), LONGEST, 1 << 16] {
            let mut lines = Lines::default();
            let refused = line.chunks(piece).any(|piece| {
                lines.push(piece);
                lines.take(false) == Err(TooLong)
            });
            assert!(refused, "in pieces of {piece}");
        }
        let mut lines = Lines::default();
        lines.push(line.get(1..).unwrap());
        assert!(lines.take(false).unwrap().is_some());
    }
}
