//! tenant_tx
