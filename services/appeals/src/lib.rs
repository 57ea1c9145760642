//! appeals
