//! What goes wrong around the product, with a ledger kept outside it.
