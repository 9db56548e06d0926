namespace AccountGrid.Host.Cli;

/// <summary>What a replay came to.</summary>
/// <param name="Readings">Readings that were sent.</param>
/// <param name="Repeated">Rows that say what another row says; they are nothing.</param>
/// <param name="Netted">Negative rows that reduced the intervals behind them.</param>
/// <param name="Refused">Rows that were not sent, each with its reason.</param>
/// <param name="Unlisted">Refused rows beyond those.</param>
/// <param name="Rejected">Readings that the grid refused; the first reasons are in <paramref name="FirstErrors"/>.</param>
public sealed record ReplaySummary(
    int Meters, long Readings, int Repeated, int Netted, IReadOnlyList<string> Refused, long Accepted, long Duplicates, long Rejected, long Resent,
    double Seconds, IReadOnlyList<string> FirstErrors, int Unlisted = 0)
{
    /// <summary>Whether all that the file says was taken.</summary>
    public bool IsWhole => Refused.Count == 0 && Unlisted == 0 && Rejected == 0;
}
