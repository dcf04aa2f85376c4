//! The tokenizer beside html5ever's, and on cases written from the Standard.

mod cases;
mod differential;
mod linear;
mod record;
mod soup;
