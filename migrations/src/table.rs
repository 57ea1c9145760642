//! Tables and indexes in the few shapes this product uses, alike on both engines.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

/// What the application's role may do with a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rights {
    /// Read, insert, change and delete.
    All,
    /// Read and insert: the rows are never changed.
    Append,
}

/// Who sees which rows under PostgreSQL's row level security.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wall {
    /// The tenant of the transaction, its own.
    Tenant,
    /// Everyone reads, a tenant writes its own: directories that are read before a tenant is known.
    ReadByAll,
    /// No tenant's rows, or rows without content: no policy.
    None,
}

/// A table in the making.
pub(crate) struct Table {
    name: &'static str,
    create: TableCreateStatement,
    wall: Wall,
    rights: Rights,
    clustered: bool,
    indexes: Vec<IndexCreateStatement>,
}

impl Table {
    fn new(name: &'static str, wall: Wall) -> Self {
        let mut create = sea_orm_migration::prelude::Table::create();
        create.table(Alias::new(name));
        Self { name, create, wall, rights: Rights::All, clustered: false, indexes: Vec::new() }
    }

    /// A table whose every row belongs to one tenant, named by its first column.
    pub(crate) fn of_tenants(name: &'static str) -> Self {
        Self::new(name, Wall::Tenant).uuid("tenant_id")
    }

    /// As [`Table::of_tenants`], but its rows are read before a tenant is known.
    pub(crate) fn of_tenants_read_by_all(name: &'static str) -> Self {
        Self::new(name, Wall::ReadByAll).uuid("tenant_id")
    }

    /// A table of the operator or of reference data.
    pub(crate) fn of_operator(name: &'static str) -> Self {
        Self::new(name, Wall::None)
    }

    /// Lets the application only read and insert.
    pub(crate) fn append_only(mut self) -> Self {
        self.rights = Rights::Append;
        self
    }

    /// Keeps the rows in the order of their key on SQLite: for small rows that are read in it.
    pub(crate) fn clustered(mut self) -> Self {
        self.clustered = true;
        self
    }

    fn column(mut self, name: &str, shape: impl FnOnce(&mut ColumnDef) -> &mut ColumnDef) -> Self {
        let mut column = ColumnDef::new(Alias::new(name));
        shape(&mut column);
        self.create.col(&mut column);
        self
    }

    /// A UUID that is always there.
    pub(crate) fn uuid(self, name: &str) -> Self {
        self.column(name, |c| c.uuid().not_null())
    }

    /// A UUID, or nothing.
    pub(crate) fn maybe_uuid(self, name: &str) -> Self {
        self.column(name, |c| c.uuid().null())
    }

    /// Text that is always there.
    pub(crate) fn text(self, name: &str) -> Self {
        self.column(name, |c| c.text().not_null())
    }

    /// A 64-bit number: cents, counts, sequence numbers.
    pub(crate) fn bigint(self, name: &str) -> Self {
        self.column(name, |c| c.big_integer().not_null())
    }

    /// A 32-bit number.
    pub(crate) fn int(self, name: &str) -> Self {
        self.column(name, |c| c.integer().not_null())
    }

    /// True or false.
    pub(crate) fn boolean(self, name: &str) -> Self {
        self.column(name, |c| c.boolean().not_null())
    }

    /// Bytes: an encoded document.
    pub(crate) fn bytes(self, name: &str) -> Self {
        self.column(name, |c| c.blob().not_null())
    }

    /// A calendar day.
    pub(crate) fn date(self, name: &str) -> Self {
        self.column(name, |c| c.date().not_null())
    }

    /// A calendar day, or nothing.
    pub(crate) fn maybe_date(self, name: &str) -> Self {
        self.column(name, |c| c.date().null())
    }

    /// An instant.
    pub(crate) fn instant(self, name: &str) -> Self {
        self.column(name, |c| c.timestamp_with_time_zone().not_null())
    }

    /// An instant, or nothing.
    pub(crate) fn maybe_instant(self, name: &str) -> Self {
        self.column(name, |c| c.timestamp_with_time_zone().null())
    }

    /// The primary key.
    pub(crate) fn key(mut self, columns: &[&str]) -> Self {
        let mut key = Index::create();
        for column in columns {
            key.col(Alias::new(*column));
        }
        self.create.primary_key(&mut key);
        self
    }

    /// Rows of `table` must be there for `columns`.
    pub(crate) fn references(mut self, columns: &[&str], table: &str, theirs: &[&str]) -> Self {
        let mut key = ForeignKey::create();
        key.from_tbl(Alias::new(self.name)).to_tbl(Alias::new(table));
        for (mine, theirs) in columns.iter().zip(theirs) {
            key.from_col(Alias::new(*mine)).to_col(Alias::new(*theirs));
        }
        self.create.foreign_key(&mut key);
        self
    }

    /// What every row must meet, in SQL that both engines read alike.
    pub(crate) fn check(mut self, condition: &'static str) -> Self {
        self.create.check(Expr::cust(condition));
        self
    }

    /// An index on `columns`.
    pub(crate) fn index(self, columns: &[&str]) -> Self {
        self.add_index(columns, false)
    }

    /// A unique index on `columns`.
    pub(crate) fn unique(self, columns: &[&str]) -> Self {
        self.add_index(columns, true)
    }

    fn add_index(mut self, columns: &[&str], unique: bool) -> Self {
        let index = index_on(self.name, columns, unique);
        self.indexes.push(index);
        self
    }

    /// Creates the table, its indexes, its rights and its wall.
    pub(crate) async fn create(mut self, manager: &SchemaManager<'_>) -> Result<(), DbErr> {
        if self.clustered && manager.get_database_backend() == DbBackend::Sqlite {
            self.create.extra("WITHOUT ROWID");
        }
        manager.create_table(self.create).await?;
        for index in self.indexes {
            manager.create_index(index).await?;
        }
        let database = manager.get_connection();
        if database.get_database_backend() == DbBackend::Postgres {
            for statement in postgres(self.name, self.wall, self.rights) {
                database.execute_unprepared(&statement).await?;
            }
        } else if self.rights == Rights::Append {
            for statement in append_only_triggers(self.name) {
                database.execute_unprepared(&statement).await?;
            }
        }
        Ok(())
    }
}

fn postgres(name: &str, wall: Wall, rights: Rights) -> Vec<String> {
    let may = match rights {
        Rights::All => "SELECT, INSERT, UPDATE, DELETE",
        Rights::Append => "SELECT, INSERT",
    };
    let mut statements = vec![format!("GRANT {may} ON {name} TO overturn_app")];
    if wall == Wall::None {
        return statements;
    }
    // After a SET LOCAL has ended, the setting is '' and not NULL.
    let mine = "tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid";
    statements.push(format!("ALTER TABLE {name} ENABLE ROW LEVEL SECURITY"));
    statements.push(format!("ALTER TABLE {name} FORCE ROW LEVEL SECURITY"));
    statements
        .push(format!("CREATE POLICY {name}_tenant ON {name} USING ({mine}) WITH CHECK ({mine})"));
    if wall == Wall::ReadByAll {
        statements
            .push(format!("CREATE POLICY {name}_directory ON {name} FOR SELECT USING (true)"));
    }
    statements
}

fn append_only_triggers(name: &str) -> Vec<String> {
    ["UPDATE", "DELETE"]
        .iter()
        .map(|change| {
            let trigger = change.to_lowercase();
            format!(
                "CREATE TRIGGER {name}_no_{trigger} BEFORE {change} ON {name} \
                 BEGIN SELECT RAISE(ABORT, '{name} is append-only'); END"
            )
        })
        .collect()
}

fn index_on(table: &'static str, columns: &[&str], unique: bool) -> IndexCreateStatement {
    let kind = if unique { "uq" } else { "ix" };
    let tail: Vec<&str> = columns.iter().filter(|c| **c != "tenant_id").copied().collect();
    let mut index = Index::create();
    index.name(format!("{kind}_{table}_{}", tail.join("_"))).table(Alias::new(table));
    for column in columns {
        index.col(Alias::new(*column));
    }
    if unique {
        index.unique();
    }
    index
}

/// Adds bytes to a table that may have rows, and that an older binary may still write: empty where
/// nobody says otherwise.
pub(crate) async fn add_bytes(
    manager: &SchemaManager<'_>,
    table: &str,
    column: &str,
) -> Result<(), DbErr> {
    add(manager, table, column, |c| c.blob().not_null().default(Vec::<u8>::new())).await
}

/// As [`add_bytes`], text: empty.
pub(crate) async fn add_text(
    manager: &SchemaManager<'_>,
    table: &str,
    column: &str,
) -> Result<(), DbErr> {
    add(manager, table, column, |c| c.text().not_null().default("")).await
}

/// As [`add_bytes`], a 64-bit number: 0.
pub(crate) async fn add_bigint(
    manager: &SchemaManager<'_>,
    table: &str,
    column: &str,
) -> Result<(), DbErr> {
    add(manager, table, column, |c| c.big_integer().not_null().default(0)).await
}

/// As [`add_bytes`], a UUID, or nothing: nothing.
pub(crate) async fn add_maybe_uuid(
    manager: &SchemaManager<'_>,
    table: &str,
    column: &str,
) -> Result<(), DbErr> {
    add(manager, table, column, |c| c.uuid().null()).await
}

/// As [`add_bytes`], a calendar day: the last one of four-digit years, which stands for none.
pub(crate) async fn add_day(
    manager: &SchemaManager<'_>,
    table: &str,
    column: &str,
) -> Result<(), DbErr> {
    add(manager, table, column, |c| c.date().not_null().default("9999-12-31")).await
}

/// Indexes a table that is there.
pub(crate) async fn index(
    manager: &SchemaManager<'_>,
    table: &'static str,
    columns: &[&str],
) -> Result<(), DbErr> {
    let index = index_on(table, columns, false);
    manager.create_index(index).await
}

async fn add(
    manager: &SchemaManager<'_>,
    table: &str,
    name: &str,
    shape: impl FnOnce(&mut ColumnDef) -> &mut ColumnDef,
) -> Result<(), DbErr> {
    let mut column = ColumnDef::new(Alias::new(name));
    shape(&mut column);
    let mut alter = sea_orm_migration::prelude::Table::alter();
    manager.alter_table(alter.table(Alias::new(table)).add_column(&mut column).to_owned()).await
}
