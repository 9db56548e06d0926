namespace AccountGrid.Domain.Readings;

/// <summary>
/// Falls and jumps of a line that count, as far as later points can still tell otherwise. An upper bound: it may speak of what is over, and never leaves out
/// what is not.
/// </summary>
/// <param name="FirstMs">Time of the point before the earliest that is open, UTC ms.</param>
/// <param name="LastMs">Time of the last fall or jump, UTC ms; <see cref="long.MinValue"/> is none.</param>
/// <param name="FallWh">A value at or above it may be the return of a fall.</param>
/// <param name="JumpWh">A value below it may take back a jump.</param>
public record struct Doubts(long FirstMs, long LastMs, long FallWh, long JumpWh)
{
    public static Doubts None => new(long.MaxValue, long.MinValue, long.MaxValue, long.MinValue);

    /// <summary>Whether a fall or jump before an instant can still be one that its points decide.</summary>
    public readonly bool Reach(long ms) => LastMs != long.MinValue && ms - LastMs <= Limits.GlitchMaxMs;

    /// <summary>Whether the next point may tell something of an open fall or jump.</summary>
    public readonly bool MayTell(in Point next) => Reach(next.TimeMs) && (next.ValueWh >= FallWh || next.ValueWh < JumpWh);

    public void Add(in Point from, in Point to, VeeOutcome outcome, bool isOpen)
    {
        LastMs = Math.Max(LastMs, to.TimeMs);
        if (!isOpen)
        {
            return;
        }

        FirstMs = Math.Min(FirstMs, from.TimeMs);
        if (outcome == VeeOutcome.RegisterFell)
        {
            FallWh = Math.Min(FallWh, from.ValueWh);
        }
        else
        {
            JumpWh = Math.Max(JumpWh, to.ValueWh);
        }
    }

    public void Add(in Doubts other) =>
        (FirstMs, LastMs, FallWh, JumpWh) =
            (Math.Min(FirstMs, other.FirstMs), Math.Max(LastMs, other.LastMs), Math.Min(FallWh, other.FallWh), Math.Max(JumpWh, other.JumpWh));
}
