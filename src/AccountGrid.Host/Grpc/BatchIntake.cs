using AccountGrid.Host.Ingest;
using AccountGrid.Host.Telemetry;
using AccountGrid.Streams.Postgres;

namespace AccountGrid.Host.Grpc;

/// <summary>Takes one batch and answers it.</summary>
internal sealed class BatchIntake(ReadingIntake intake, TimeProvider time)
{
    /// <summary>Throws what <see cref="ReadingIntake.TakeAsync"/> throws; a batch that is wrong as a whole is an answer.</summary>
    public async Task<BatchResult> TakeAsync(ReadingBatch message, int gateway)
    {
        var (batch, refusal) = ColumnReader.Read(message, intake.LatestMs);
        if (batch is null)
        {
            return Refused(message, refusal!, Resend.Corrected);
        }

        var result = await intake.TakeAsync(batch, gateway);
        GridMetrics.PushBatch("acknowledged");
        var answer = new BatchResult
        {
            BatchId = message.BatchId,
            Accepted = (uint)result.Accepted,
            Duplicates = (uint)result.Duplicates,
            Rejected = (uint)result.Rejected,
        };
        answer.Errors.AddRange(ReadingError.Named(result.Errors).Select(e => new RejectedReading
        {
            Index = (uint)(e.Line - 1),
            Code = e.Code,
            Detail = e.Detail,
            Resend = ResendOf(e.Resend),
        }));
        return answer;
    }

    /// <summary>
    /// The same, for a sender that waits: while a partition is too far behind, the batch is read and tried again, and after <see cref="GrpcLimits.Patience"/>
    /// given back.
    /// </summary>
    public async Task<BatchResult> TakeWhenReadyAsync(ReadingBatch message, int gateway, CancellationToken cancel)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            try
            {
                return await TakeAsync(message, gateway);
            }
            catch (LogBackpressureException e) when (time.GetElapsedTime(began) > GrpcLimits.Patience)
            {
                return Refused(message, new(GridRefusals.Busy, e.Message), Resend.Later);
            }
            catch (LogBackpressureException e)
            {
                GridMetrics.PushBatch("waited");
                await Task.Delay(e.RetryAfter, time, cancel);
            }
        }
    }

    private static BatchResult Refused(ReadingBatch message, Refusal refusal, Resend resend)
    {
        GridMetrics.PushBatch("refused");
        return new BatchResult
        {
            BatchId = message.BatchId,
            Refused = new BatchRefusal { Code = refusal.Code.Text, Detail = refusal.Detail, Resend = resend },
        };
    }

    private static Resend ResendOf(string resend) => resend switch
    {
        Ingest.Resend.Later => Resend.Later,
        Ingest.Resend.Never => Resend.Never,
        _ => Resend.Corrected,
    };
}
