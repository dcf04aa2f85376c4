//! Threads of small pages.

use crate::feature::tests_support::value;

