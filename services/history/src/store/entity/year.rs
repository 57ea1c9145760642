use sea_orm::entity::prelude::*;

/// What a signature counts in the months of a year.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "routing_signature_year")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub signature: Uuid,
    /// Of the remittance.
    #[sea_orm(primary_key, auto_increment = false)]
    pub year: i32,
    pub denials_jan: i64,
    pub cents_jan: i64,
    pub denials_feb: i64,
    pub cents_feb: i64,
    pub denials_mar: i64,
    pub cents_mar: i64,
    pub denials_apr: i64,
    pub cents_apr: i64,
    pub denials_may: i64,
    pub cents_may: i64,
    pub denials_jun: i64,
    pub cents_jun: i64,
    pub denials_jul: i64,
    pub cents_jul: i64,
    pub denials_aug: i64,
    pub cents_aug: i64,
    pub denials_sep: i64,
    pub cents_sep: i64,
    pub denials_oct: i64,
    pub cents_oct: i64,
    pub denials_nov: i64,
    pub cents_nov: i64,
    pub denials_dec: i64,
    pub cents_dec: i64,
}

impl Column {
    /// Counts of denials, by month.
    pub const DENIALS: [Self; 12] = [
        Self::DenialsJan,
        Self::DenialsFeb,
        Self::DenialsMar,
        Self::DenialsApr,
        Self::DenialsMay,
        Self::DenialsJun,
        Self::DenialsJul,
        Self::DenialsAug,
        Self::DenialsSep,
        Self::DenialsOct,
        Self::DenialsNov,
        Self::DenialsDec,
    ];
    /// Their cents.
    pub const CENTS: [Self; 12] = [
        Self::CentsJan,
        Self::CentsFeb,
        Self::CentsMar,
        Self::CentsApr,
        Self::CentsMay,
        Self::CentsJun,
        Self::CentsJul,
        Self::CentsAug,
        Self::CentsSep,
        Self::CentsOct,
        Self::CentsNov,
        Self::CentsDec,
    ];
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
platform::tenant_owned!();
