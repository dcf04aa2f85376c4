pub mod corpus;
pub mod page;
pub mod text;
