use std::sync::Arc;
use std::time::Duration;

use platform::jobs::{Handler, Job};
use platform::rejection::Fault;

use crate::intake::{Ended, Intake, JOB};

/// How long a worker may take for one file before another one looks after it.
const LEASE: Duration = Duration::from_secs(120);

/// Finishes what a crash left: the same run as the upload's own.
pub(crate) fn post_file(intake: Intake) -> Job {
    let handler: Handler = Arc::new(move |caller, file| {
        let intake = intake.clone();
        Box::pin(async move {
            match intake.run(&caller, file).await {
                Ok(Ended::Finished) => Ok(()),
                // The other one may yet die; the lease brings the row back.
                Ok(Ended::Elsewhere) => Err(Fault::Contended),
                Err(error) => Err(error.of_job("a file cannot be posted")),
            }
        })
    });
    Job::new(JOB, handler).lease(LEASE)
}
