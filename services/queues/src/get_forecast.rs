use contracts::routing::v1::{Forecast, GetForecastRequest, GetForecastResponse};
use platform::access::Caller;
use platform::rejection::{Fault, Violations};
use prost::Message;

use crate::store::forecasts as store;
use crate::{Error, Queues, forecasts};

impl Queues {
    /// Reads what a team will miss, or all together; made anew every hour, and at once where nobody
    /// has made one.
    ///
    /// # Errors
    /// When no such team has queues or work, or the database fails.
    pub async fn get_forecast(
        &self,
        caller: &Caller,
        request: GetForecastRequest,
    ) -> Result<GetForecastResponse, Error> {
        let mut violations = Violations::default();
        if !request.team.is_empty() {
            violations.text("team", &request.team, 96);
        }
        violations.into_result()?;
        let tx = self.database.read(caller).await?;
        let kept = store::find(&tx, &request.team).await?;
        drop(tx);
        let forecast = match kept {
            Some(kept) => Forecast::decode(kept.as_slice())
                .map_err(|_| Fault::Broken("a forecast does not read"))?,
            // All that there is was made when this was.
            None if store::find(&self.database.read(caller).await?, "").await?.is_some() => {
                return Err(Fault::NotFound.into());
            }
            None => {
                let now = self.database.clock().now();
                let mut made = forecasts::made(&self.database, caller, now).await?;
                made.remove(&request.team).ok_or(Fault::NotFound)?
            }
        };
        Ok(GetForecastResponse { forecast: Some(forecast) })
    }
}
