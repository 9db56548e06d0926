namespace AccountGrid.Domain.Refusals;

/// <summary>What the grid itself answers, whatever was asked.</summary>
public static class GridRefusals
{
    public static RefusalCode Busy { get; } =
        new("grid.busy", 429, "The grid takes no more at this moment.", "Send the request again after Retry-After.");

    public static RefusalCode Unavailable { get; } =
        new("grid.unavailable", 503, "The grid cannot answer at this moment.", "Send the request again with the same Idempotency-Key after Retry-After.");

    public static RefusalCode Error { get; } =
        new("grid.error", 500, "The grid has failed.", "Report the trace id to the operator.");

    public static RefusalCode Starting { get; } =
        new("grid.starting", 503, "The process is starting or stopping.", "Ask another process, or wait.");

    public static RefusalCode DatabaseReadOnly { get; } =
        new("grid.database_read_only", 503, "The database takes no changes.", "Check the database: it may be a standby or its disk may be full.");

    public static RefusalCode DatabaseUnreachable { get; } =
        new("grid.database_unreachable", 503, "The database does not answer.", "Check the database and the connection to it.");

    public static RefusalCode UpgradeUnfinished { get; } =
        new("grid.upgrade_unfinished", 409, "What is asked for is new in a release to which the grid is being upgraded.",
            "Finish the upgrade: bring all processes to the release, and run accountgrid upgrade finish.");

    public static RefusalCode StreamTooMany { get; } =
        new("stream.too_many", 429, "The key has too many open streams.", "Close a stream, or ask for the balance instead.");
}
