namespace AccountGrid.Host.MeterFiles;

/// <summary>What came of a file.</summary>
/// <param name="Meters">Meters of which something was sent.</param>
/// <param name="Values">Values that were read.</param>
/// <param name="Accepted">Register values that are durable; those that the grid had already count here too.</param>
/// <param name="Repeated">Rows that say what another row of the file says.</param>
/// <param name="Netted">Negative rows that reduced the intervals behind them.</param>
/// <param name="Refused">Errors, those that are not listed too.</param>
/// <param name="Errors">The first of them, by line.</param>
/// <param name="Passed">What is no active energy and was passed over, with how often.</param>
/// <param name="Settled">Whether the meters showed the last values before the job ended; a file that follows goes on from them.</param>
public sealed record MeterFileResult(
    int Meters, int Values, int Accepted, int Repeated, int Netted, int Refused, IReadOnlyList<MeterFileErrorAnswer> Errors,
    IReadOnlyDictionary<string, int> Passed, bool Settled)
{
    /// <summary>Of a file that nothing is known of but why.</summary>
    internal static MeterFileResult Failed(IReadOnlyList<MeterFileErrorAnswer> errors, bool settled = false) =>
        new(0, 0, 0, 0, 0, errors.Count, errors, new Dictionary<string, int>(), settled);
}
