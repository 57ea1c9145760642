pub(crate) mod queue {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "routing_queue")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub slug: String,
        pub display_name: String,
        pub team: String,
        /// A `domain_work::queue::Queue` as JSON.
        pub queue: Vec<u8>,
        pub version: i64,
        pub created_at: DateTimeUtc,
        pub updated_at: DateTimeUtc,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
    platform::tenant_owned!();
}

pub(crate) mod forecast {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "routing_forecast")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        /// Empty for all teams together.
        #[sea_orm(primary_key, auto_increment = false)]
        pub team: String,
        /// A `overturn.routing.v1.Forecast`, in protobuf.
        pub forecast: Vec<u8>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
    platform::tenant_owned!();
}

pub(crate) mod resolution {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "routing_resolution")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub work_item_id: Uuid,
        /// A `ResolutionKind`, as it is spelled.
        pub kind: String,
        pub recovered_cents: i64,
        pub written_off_cents: i64,
        pub left_cents: i64,
        pub corrected_claim_number: String,
        pub write_off_code: String,
        /// Empty when nobody had to.
        pub approved_by: String,
        pub reason: String,
        pub automated: bool,
        pub ended_by: String,
        /// An `ended::Denials` as JSON.
        pub denials: Vec<u8>,
        pub created_at: DateTimeUtc,
        /// When the item was opened again; the end stays on record.
        pub reopened_at: Option<DateTimeUtc>,
        pub undone_at: Option<DateTimeUtc>,
        pub undone_by: String,
        pub undone_reason: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
    platform::tenant_owned!();
}

pub(crate) mod approval {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "routing_write_off_approval")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub work_item_id: Uuid,
        pub approved_by: String,
        pub up_to_cents: i64,
        pub reason: String,
        pub approved_at: DateTimeUtc,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
    platform::tenant_owned!();
}

pub(crate) mod touch {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "routing_touch")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub work_item_id: Uuid,
        /// A `TouchKind` of the contract, without its prefix.
        pub kind: String,
        pub minutes: i32,
        pub user_id: String,
        pub started_at: Option<DateTimeUtc>,
        pub created_at: DateTimeUtc,
        pub payer_slug: String,
        /// The first reason code of the item; empty when no adjustment is behind it.
        pub carc: String,
        pub owner_team: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
    platform::tenant_owned!();
}

pub(crate) mod clarification {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "routing_clarification")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub work_item_id: Uuid,
        pub case_id: Uuid,
        /// Slug of the team that is asked.
        pub to_team: String,
        pub question: String,
        /// Empty until there is one.
        pub answer: String,
        /// A `ClarificationState`, as it is spelled.
        pub state: String,
        pub due_on: Date,
        pub asked_by: String,
        /// Empty until there is an answer.
        pub answered_by: String,
        pub answered_at: Option<DateTimeUtc>,
        /// Of the item, for whoever looks for precedents.
        pub payer_id: Uuid,
        /// Reason codes of the item, between blanks: ` 16 197 `.
        pub codes: String,
        pub version: i64,
        pub created_at: DateTimeUtc,
        pub updated_at: DateTimeUtc,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
    platform::tenant_owned!();
}
