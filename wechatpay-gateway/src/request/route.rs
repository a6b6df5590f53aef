//! Routing: finds the operation of a path.

use std::sync::Arc;

use http::Method;
use percent_encoding::percent_decode_str;

/// A registered operation.
pub(crate) struct Route<T> {
    method: Method,
    pub(crate) template: String,
    pub(crate) target: T,
}

/// The names and decoded values of the placeholders.
pub(crate) type PathValues = Vec<(String, String)>;

impl<T> Route<T> {
    pub(crate) fn new(method: Method, template: &str, target: T) -> Self {
        Self {
            method,
            template: template.to_owned(),
            target,
        }
    }
}

/// The values of the placeholders, if `path` (as it was sent) matches the template.
pub(crate) fn values(template: &str, path: &str) -> Option<PathValues> {
    let mut values = PathValues::new();
    let mut segments = path.split('/');
    for wanted in template.split('/') {
        let segment = decode(segments.next()?)?;
        match wanted.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
            Some(name) if !segment.is_empty() => values.push((name.to_owned(), segment)),
            None if wanted == segment => {}
            _ => return None,
        }
    }
    segments.next().is_none().then_some(values)
}

/// All registered operations.
pub(crate) struct Routes<T>(Vec<Arc<Route<T>>>);

impl<T> Default for Routes<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Routes<T> {
    /// Registers an operation. It replaces one with the same method and template.
    pub(crate) fn add(&mut self, route: Route<T>) {
        self.0
            .retain(|known| (&known.method, &known.template) != (&route.method, &route.template));
        self.0.push(Arc::new(route));
    }

    /// The operation of a path. If several match, the one with the fewest placeholders.
    pub(crate) fn find(&self, method: &Method, path: &str) -> Option<(Arc<Route<T>>, PathValues)> {
        self.0
            .iter()
            .filter(|route| route.method == *method)
            .filter_map(|route| Some((Arc::clone(route), values(&route.template, path)?)))
            .min_by_key(|(_, values)| values.len())
    }
}

/// Percent-decodes one segment, key or value.
pub(crate) fn decode(text: &str) -> Option<String> {
    percent_decode_str(text)
        .decode_utf8()
        .ok()
        .map(|text| text.into_owned())
}

/// The pairs of a query string. A `+` is a space, as in HTML forms. A plus sign is sent as `%2B`.
pub(crate) fn decode_query(query: &str) -> Option<Vec<(String, String)>> {
    let decode = |text: &str| decode(&text.replace('+', " "));
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            Some((decode(key)?, decode(value)?))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn routes(templates: &[&'static str]) -> Routes<&'static str> {
        let mut routes = Routes::default();
        for template in templates {
            routes.add(Route::new(Method::GET, template, *template));
        }
        routes
    }

    #[test]
    fn a_placeholder_matches_one_segment_and_is_decoded() {
        let routes = routes(&["/v3/orders/{id}/close"]);
        let (_, values) = routes.find(&Method::GET, "/v3/orders/a%2Fb%20%E5%BC%A0/close").unwrap();
        assert_eq!(values, [("id".to_owned(), "a/b 张".to_owned())]);
        for other in [
            "/v3/orders/a/b/close",
            "/v3/orders//close",
            "/v3/orders/a",
            "/v3/orders/a/close/",
        ] {
            assert!(routes.find(&Method::GET, other).is_none(), "{other}");
        }
        assert!(routes.find(&Method::POST, "/v3/orders/a/close").is_none());
    }

    #[test]
    fn a_literal_path_takes_precedence_over_a_placeholder() {
        let routes = routes(&["/v3/{id}", "/v3/certificates"]);
        assert_eq!(
            routes.find(&Method::GET, "/v3/certificates").unwrap().0.target,
            "/v3/certificates"
        );
        assert_eq!(routes.find(&Method::GET, "/v3/other").unwrap().0.target, "/v3/{id}");
    }

    #[test]
    fn the_last_registration_of_an_operation_is_used() {
        let mut routes = routes(&["/v3/a"]);
        routes.add(Route::new(Method::GET, "/v3/a", "second"));
        assert_eq!(routes.find(&Method::GET, "/v3/a").unwrap().0.target, "second");
    }

    #[test]
    fn query_pairs_are_decoded() {
        let pairs = decode_query("a=1%202&b=%2B&c=x+y&a=%E5%BC%A0&d").unwrap();
        let expected = [("a", "1 2"), ("b", "+"), ("c", "x y"), ("a", "张"), ("d", "")];
        assert_eq!(pairs, expected.map(|(key, value)| (key.to_owned(), value.to_owned())));
        assert_eq!(decode_query("a=%FF"), None);
    }
}
