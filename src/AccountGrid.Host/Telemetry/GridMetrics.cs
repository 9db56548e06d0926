using System.Diagnostics.Metrics;
using AccountGrid.Domain;
using AccountGrid.Domain.Partitions;

namespace AccountGrid.Host.Telemetry;

/// <summary>
/// What the grid counts and measures as it happens. Names, units and attributes follow the OpenTelemetry conventions. Without a listener an instrument does
/// nothing. Gauges, which are asked, belong to a process: <see cref="GridGauges"/>.
/// </summary>
internal static class GridMetrics
{
    /// <summary>Name of the meter.</summary>
    public const string Name = "AccountGrid";

    public const string ReadingsName = "accountgrid.readings";
    public const string AcknowledgementName = "accountgrid.readings.acknowledgement.duration";
    public const string FoldDelayName = "accountgrid.fold.delay";

    /// <summary>Value of <see cref="Outcome"/> of a reading that was taken.</summary>
    public const string Accepted = "accepted";

    public const string Outcome = "accountgrid.outcome";
    public const string ErrorType = "error.type";
    public const string Kind = "accountgrid.kind";
    public const string Currency = "accountgrid.currency";
    public const string Direction = "accountgrid.direction";
    public const string Channel = "accountgrid.channel";
    public const string Flush = "accountgrid.flush";

    /// <summary>Upper bounds of the buckets of durations, s: from what a fast disk takes to what an operator must see.</summary>
    private static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300],
    };

    private static readonly System.Diagnostics.Metrics.Meter Meter = new(Name);

    private static readonly Counter<long> ReadingCount = Meter.CreateCounter<long>(ReadingsName, "{reading}",
        "Readings that gateways pushed, by what became of them: accepted, duplicate or rejected, the last with the code of the refusal.");

    private static readonly Histogram<double> CommitDuration = Meter.CreateHistogram("accountgrid.log.commit.duration", "s",
        "Time of a commit of readings to the log, with the exception's type where it failed.", null, Seconds);

    private static readonly Histogram<double> AcknowledgementDuration = Meter.CreateHistogram(AcknowledgementName, "s",
        "Time from when a batch of readings was read to when it could be acknowledged, waiting for its commit included.", null, Seconds);

    private static readonly Histogram<double> FoldDelay = Meter.CreateHistogram(FoldDelayName, "s",
        "Time from when the last record of a delivered batch was accepted to when it was in its balance.", null, Seconds);

    private static readonly Histogram<double> FlushDuration = Meter.CreateHistogram("accountgrid.flush.duration", "s",
        "Time of a flush of a partition, of effects or states, with the exception's type where it failed.", null, Seconds);

    private static readonly Counter<long> EntryCount = Meter.CreateCounter<long>("accountgrid.ledger.entries", "{entry}",
        "Ledger entries written, by kind.");

    private static readonly Counter<double> Amount = Meter.CreateCounter<double>("accountgrid.ledger.amount", "{currency unit}",
        "Amounts of the ledger entries written, by kind, currency and direction, credit or debit to the customer. For supervision: the ledger "
            + "has the exact sums.");

    private static readonly Counter<long> MessageCount = Meter.CreateCounter<long>("accountgrid.messages", "{message}",
        "Attempts to hand a message to a channel, by kind, channel and outcome: sent, delivered (the channel proves it), again, next-channel or parked.");

    private static readonly UpDownCounter<long> PushStreamCount = Meter.CreateUpDownCounter<long>("accountgrid.grpc.streams", "{stream}",
        "Streams of readings over gRPC that are open.");

    private static readonly Counter<long> PushBatchCount = Meter.CreateCounter<long>("accountgrid.grpc.batches", "{batch}",
        "Batches over gRPC, by outcome: acknowledged, refused as a whole, or waited (readers were too far behind; counted for each time that it is tried "
            + "again).");

    private static readonly Counter<long> WatchedFileCount = Meter.CreateCounter<long>("accountgrid.files.watched", "{file}",
        "Files of meter data that were taken out of the watched folder, by outcome: done (all of it was taken) or failed.");

    private static readonly Counter<long> WebhookCount = Meter.CreateCounter<long>("accountgrid.webhook.attempts", "{attempt}",
        "Attempts to hand an event to a webhook, by outcome: taken, again or given-up.");

    private static readonly Counter<long> CutCount = Meter.CreateCounter<long>("accountgrid.cuts", "{cut}",
        "Planned cuts that a gateway asked for, by outcome: released, held (the breaker: a person decides) or refused, the last with the interlock's reason.");

    private static readonly Counter<long> QuarantinedCount = Meter.CreateCounter<long>("accountgrid.records.quarantined", "{record}",
        "Records that could not be folded and were quarantined.");

    /// <summary>Counts a batch of readings.</summary>
    /// <param name="rejected">Codes of refusals.</param>
    public static void Readings(int accepted, int duplicates, IEnumerable<string> rejected)
    {
        if (!ReadingCount.Enabled)
        {
            return;
        }

        if (accepted > 0)
        {
            ReadingCount.Add(accepted, new KeyValuePair<string, object?>(Outcome, Accepted));
        }

        if (duplicates > 0)
        {
            ReadingCount.Add(duplicates, new KeyValuePair<string, object?>(Outcome, "duplicate"));
        }

        foreach (var group in rejected.GroupBy(c => c))
        {
            ReadingCount.Add(group.Count(), new(Outcome, "rejected"), new(ErrorType, group.Key));
        }
    }

    public static void Committed(TimeSpan duration, Exception? error = null) => Record(CommitDuration, duration, error);

    public static void Acknowledged(TimeSpan duration) => AcknowledgementDuration.Record(duration.TotalSeconds);

    public static void Folded(TimeSpan delay) => FoldDelay.Record(Math.Max(0, delay.TotalSeconds));

    /// <param name="flush"><c>effects</c> or <c>states</c>.</param>
    public static void Flushed(string flush, TimeSpan duration, Exception? error = null) =>
        Record(FlushDuration, duration, error, new KeyValuePair<string, object?>(Flush, flush));

    /// <summary>Counts what a flush of effects wrote to the ledger.</summary>
    /// <param name="currencyOf">Currency of an account by number; null where it is not known.</param>
    public static void Written(IEnumerable<LedgerEntry> entries, Func<int, string?> currencyOf)
    {
        if (!EntryCount.Enabled && !Amount.Enabled)
        {
            return;
        }

        foreach (var entry in entries)
        {
            var kind = new KeyValuePair<string, object?>(Kind, KebabCase(entry.Kind.ToString()));
            EntryCount.Add(1, kind);
            Amount.Add(Math.Abs(entry.Amount.Nano / (double)Money.NanoPerUnit), kind, new(Currency, currencyOf(entry.Account) ?? "unknown"),
                new(Direction, entry.Amount.Nano < 0 ? "debit" : "credit"));
        }
    }

    public static void Message(string kind, string channel, string outcome) =>
        MessageCount.Add(1, new(Kind, kind), new(Channel, channel), new(Outcome, outcome));

    /// <param name="change">1 for one that opens, -1 for one that ends.</param>
    public static void PushStreams(int change) => PushStreamCount.Add(change);

    public static void PushBatch(string outcome) => PushBatchCount.Add(1, new KeyValuePair<string, object?>(Outcome, outcome));

    public static void WatchedFile(string outcome) => WatchedFileCount.Add(1, new KeyValuePair<string, object?>(Outcome, outcome));

    public static void Webhook(string outcome) => WebhookCount.Add(1, new KeyValuePair<string, object?>(Outcome, outcome));

    /// <param name="reason">Code of the refusal; null where it was not refused.</param>
    public static void Cut(string outcome, string? reason = null)
    {
        if (reason is null)
        {
            CutCount.Add(1, new KeyValuePair<string, object?>(Outcome, outcome));
        }
        else
        {
            CutCount.Add(1, new(Outcome, outcome), new(ErrorType, reason));
        }
    }

    public static void Quarantined(int records) => QuarantinedCount.Add(records);

    internal static string KebabCase(string name) =>
        string.Concat(name.Select((c, i) => char.IsUpper(c) ? (i > 0 ? "-" : "") + char.ToLowerInvariant(c) : c.ToString()));

    private static void Record(Histogram<double> histogram, TimeSpan duration, Exception? error, params ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        histogram.Record(duration.TotalSeconds,
            error is null ? tags : [.. tags, new KeyValuePair<string, object?>(ErrorType, error.GetType().Name)]);
}
