pub mod block;
pub mod corpus;
pub mod feature;
pub mod metadata;
pub mod page;
pub mod text;
