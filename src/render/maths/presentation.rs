//! Presentation MathML → TeX, for MathML without annotation.
//!
//! What is told apart: fractions, roots, scripts above and below, fences, tables
//! and text (MathML Core §3). Everything else shows what it holds.

use ego_tree::NodeRef;
use ego_tree::iter::Edge;
use scraper::Node;

/// An element whose end has not been reached: its name and the TeX of each of its
/// children.
struct Open {
    name: String,
    children: Vec<String>,
}

/// The TeX of what a `math` element holds.
pub(super) fn tex(math: NodeRef<'_, Node>) -> String {
    let mut open = vec![Open {
        name: String::new(),
        children: Vec::new(),
    }];
    for edge in math.traverse() {
        match edge {
            Edge::Open(node) => match node.value() {
                Node::Element(element) => open.push(Open {
                    name: element.name().to_owned(),
                    children: Vec::new(),
                }),
                Node::Text(text) => {
                    if let Some(last) = open.last_mut()
                        && !text.trim().is_empty()
                    {
                        last.children.push(text.trim().to_owned());
                    }
                }
                _ => {}
            },
            Edge::Close(node) if node.value().is_element() => {
                if open.len() < 2 {
                    continue;
                }
                if let (Some(done), Some(above)) = (open.pop(), open.last_mut()) {
                    let tex = written(&done);
                    if !tex.is_empty() || is_argument(&above.name) {
                        above.children.push(tex);
                    }
                }
            }
            Edge::Close(_) => {}
        }
    }
    open.pop()
        .map(|root| joined(&root.children))
        .unwrap_or_default()
}

/// True of elements whose children mean something by their place.
fn is_argument(name: &str) -> bool {
    matches!(
        name,
        "mfrac" | "mroot" | "msub" | "msup" | "msubsup" | "munder" | "mover" | "munderover"
    )
}

fn written(open: &Open) -> String {
    let all = || joined(&open.children);
    let child = |n: usize| open.children.get(n).map(String::as_str).unwrap_or_default();
    match &*open.name {
        "annotation" | "annotation-xml" | "mspace" | "mphantom" => String::new(),
        "mi" | "mn" | "mo" => symbols(&open.children.concat()),
        "mtext" | "ms" => {
            let text = open.children.join(" ");
            let plain: String = text.chars().filter(|c| !"\\{}$".contains(*c)).collect();
            format!("\\text{{{plain}}}")
        }
        "mfrac" => format!("\\frac{{{}}}{{{}}}", child(0), child(1)),
        "msqrt" => format!("\\sqrt{{{}}}", all()),
        "mroot" => format!("\\sqrt[{}]{{{}}}", child(1), child(0)),
        "msub" | "munder" => format!("{}_{{{}}}", base(child(0)), child(1)),
        "msup" => format!("{}^{{{}}}", base(child(0)), child(1)),
        "mover" => match child(1) {
            "¯" | "‾" => format!("\\overline{{{}}}", child(0)),
            "^" | "\\hat{}" => format!("\\hat{{{}}}", child(0)),
            "→" | "\\to" => format!("\\vec{{{}}}", child(0)),
            above => format!("{}^{{{above}}}", base(child(0))),
        },
        "msubsup" | "munderover" => {
            format!("{}_{{{}}}^{{{}}}", base(child(0)), child(1), child(2))
        }
        "mfenced" => format!("({})", open.children.join(", ")),
        "mtd" => all(),
        "mtr" => open.children.join(" & "),
        "mtable" => format!(
            "\\begin{{matrix}}{}\\end{{matrix}}",
            open.children.join(" \\\\ ")
        ),
        _ => all(),
    }
}

/// What a script is put to: braced where it is more than one sign.
fn base(tex: &str) -> String {
    let one = tex.chars().count() <= 1 || (tex.starts_with('\\') && !tex.contains([' ', '{', '^']));
    if one {
        tex.to_owned()
    } else {
        format!("{{{tex}}}")
    }
}

/// Side by side, with a space where a command would run into a letter.
fn joined(parts: &[String]) -> String {
    let mut joined = String::new();
    for part in parts {
        let ends_in_command = joined
            .rfind('\\')
            .is_some_and(|at| joined[at + 1..].chars().all(|c| c.is_ascii_alphabetic()))
            && !joined.ends_with('\\');
        if ends_in_command && part.starts_with(|c: char| c.is_ascii_alphabetic()) {
            joined.push(' ');
        }
        joined.push_str(part);
    }
    joined
}

/// Signs as TeX spells them, where it has a command that every reader of TeX knows.
fn symbols(text: &str) -> String {
    if text.chars().count() > 1 && text.chars().all(|c| c.is_ascii_alphabetic()) {
        return match text {
            "sin" | "cos" | "tan" | "log" | "ln" | "exp" | "lim" | "max" | "min" | "det"
            | "sup" | "inf" | "arg" | "dim" | "ker" | "gcd" => format!("\\{text}"),
            _ => format!("\\mathrm{{{text}}}"),
        };
    }
    let signs: Vec<String> = text
        .chars()
        .filter(|c| !matches!(c, '\u{2061}'..='\u{2064}'))
        .map(|c| match command(c) {
            Some(command) => format!("\\{command}"),
            None if c == '−' => "-".to_owned(),
            None => c.to_string(),
        })
        .collect();
    joined(&signs)
}

fn command(c: char) -> Option<&'static str> {
    Some(match c {
        '{' => "{",
        '}' => "}",
        '%' => "%",
        '#' => "#",
        '&' => "&",
        '_' => "_",
        '$' => "$",
        '\\' => "backslash",
        'α' => "alpha",
        'β' => "beta",
        'γ' => "gamma",
        'δ' => "delta",
        'ε' | 'ϵ' => "epsilon",
        'θ' => "theta",
        'λ' => "lambda",
        'μ' => "mu",
        'π' => "pi",
        'ρ' => "rho",
        'σ' => "sigma",
        'τ' => "tau",
        'φ' | 'ϕ' => "phi",
        'ω' => "omega",
        'Γ' => "Gamma",
        'Δ' => "Delta",
        'Σ' => "Sigma",
        '∑' => "sum",
        'Ω' => "Omega",
        '∏' => "prod",
        '∫' => "int",
        '∞' => "infty",
        '≤' => "leq",
        '≥' => "geq",
        '≠' => "neq",
        '≈' => "approx",
        '×' => "times",
        '⋅' | '·' => "cdot",
        '±' => "pm",
        '→' => "to",
        '∈' => "in",
        '∂' => "partial",
        '∇' => "nabla",
        _ => return None,
    })
}
