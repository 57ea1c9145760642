//! The feed's three tables.

macro_rules! feed_table {
    ($module:ident, $table:literal, { $($key:tt)* }) => {
        pub(super) mod $module {
            use sea_orm::entity::prelude::*;

            #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
            #[sea_orm(table_name = $table)]
            pub struct Model {
                #[sea_orm(primary_key, auto_increment = false)]
                pub tenant_id: Uuid,
                #[sea_orm(primary_key, auto_increment = false)]
                pub feed: String,
                $($key)*
                pub occurred_at: DateTimeUtc,
                pub kind: String,
                pub subject: Uuid,
                pub revision: String,
                pub payload: Vec<u8>,
            }

            #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
            pub enum Relation {}
            impl ActiveModelBehavior for ActiveModel {}
            crate::tenant_owned!();
        }
    };
}

feed_table!(pending, "platform_feed_pending", {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
});
feed_table!(event, "platform_feed_event", {
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i64,
    pub id: Uuid,
});

pub(super) mod counter {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "platform_feed_counter")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub feed: String,
        pub last: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
    crate::tenant_owned!();
}
