//! Reads what can be read of a file with syntax errors: the items around the broken ones.

use proc_macro2::{Delimiter, LineColumn, TokenStream, TokenTree};
use syn::Item;
use syn::spanned::Spanned as _;

/// A syntax error: where, and the parser's words.
pub(crate) struct SyntaxError {
    pub(crate) at: LineColumn,
    pub(crate) words: String,
}

/// The items of a file, and the syntax errors in it.
pub(crate) fn items(text: &str) -> (Vec<Item>, Vec<SyntaxError>) {
    match syn::parse_file(text) {
        Ok(file) => (file.items, Vec::new()),
        Err(error) => match text.parse::<TokenStream>() {
            Ok(tokens) => pieces(tokens),
            // Brackets that do not match: there is no telling where an item ends.
            Err(_) => (Vec::new(), vec![syntax_error(&error)]),
        },
    }
}

fn syntax_error(error: &syn::Error) -> SyntaxError {
    SyntaxError {
        at: error.span().start(),
        words: error.to_string(),
    }
}

/// Cuts the tokens behind each `;` and each pair of braces. A piece that is no item grows until it is one, or until the
/// next piece begins one.
fn pieces(tokens: TokenStream) -> (Vec<Item>, Vec<SyntaxError>) {
    let (mut items, mut errors) = (Vec::new(), Vec::new());
    let mut waiting: Vec<TokenStream> = Vec::new();
    let mut piece = Vec::new();
    for token in tokens {
        let ends = match &token {
            TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
            TokenTree::Punct(punct) => punct.as_char() == ';',
            _ => false,
        };
        piece.push(token);
        if ends {
            add(piece.drain(..).collect(), &mut waiting, &mut items, &mut errors);
        }
    }
    if !piece.is_empty() {
        add(piece.into_iter().collect(), &mut waiting, &mut items, &mut errors);
    }
    give_up(&mut waiting, &mut errors);
    (items, errors)
}

fn add(piece: TokenStream, waiting: &mut Vec<TokenStream>, items: &mut Vec<Item>, errors: &mut Vec<SyntaxError>) {
    waiting.push(piece);
    // The fewest pieces that are an item; an item of more than a few pieces is not worth the search.
    for begin in (0..waiting.len()).rev().take(LONGEST) {
        let whole: TokenStream = waiting.iter().skip(begin).cloned().collect();
        if let Some(found) = parse(whole) {
            waiting.truncate(begin);
            give_up(waiting, errors);
            items.extend(found);
            return;
        }
    }
}

/// How many pieces an item may have: `const A: B = B {` .. `};` has two.
const LONGEST: usize = 4;

fn parse(tokens: TokenStream) -> Option<Vec<Item>> {
    syn::parse2::<syn::File>(tokens).ok().map(|file| file.items)
}

fn give_up(waiting: &mut Vec<TokenStream>, errors: &mut Vec<SyntaxError>) {
    if waiting.is_empty() {
        return;
    }
    let whole: TokenStream = waiting.drain(..).collect();
    let at = whole.span().start();
    let error = match syn::parse2::<syn::File>(whole) {
        // The span of an unexpected end is that of the caller, which has no place here.
        Err(error) => SyntaxError {
            at: Some(error.span().start()).filter(|place| *place > at).unwrap_or(at),
            words: error.to_string(),
        },
        Ok(_) => return,
    };
    errors.push(error);
}

#[cfg(test)]
mod tests {

    #[test]
    fn the_items_around_a_broken_one_are_read() {
        let text =
            "use a::b;\nstruct A { a: u8 }\nstruct B { b: }\nconst C: A = A { a: 1 };\nfn d() { let }\nstruct E;\n";
        let (items, errors) = super::items(text);
        assert_eq!(items.len(), 4, "use, A, C and E");
        assert_eq!(errors.len(), 2);
        assert_eq!(errors.iter().map(|error| error.at.line).collect::<Vec<_>>(), [3, 5]);
    }

    #[test]
    fn brackets_that_do_not_match_are_one_error() {
        let (items, errors) = super::items("struct A {}\nfn b() {\n");
        assert!(items.is_empty());
        assert_eq!(errors.len(), 1);
    }
}
