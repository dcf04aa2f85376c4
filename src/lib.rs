pub mod align;
pub mod block;
pub mod corpus;
pub mod feature;
pub mod metadata;
pub mod page;
pub mod select;
pub mod text;
