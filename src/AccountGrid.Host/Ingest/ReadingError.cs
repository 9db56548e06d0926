namespace AccountGrid.Host.Ingest;

/// <summary>A rejected line: a stable code, a sentence with the field, the value and what would be right, and what to do with it.</summary>
/// <param name="Line">Number of the line, or of the item of the list, from 1.</param>
/// <param name="Resend">One of <see cref="Ingest.Resend"/>: later, corrected or never.</param>
public sealed record ReadingError(int Line, string Code, string Detail, string Resend)
{
    /// <summary>What an answer names: a sender that is told to keep lines must know every one of them.</summary>
    internal static List<ReadingError> Named(IReadOnlyList<LineRefusal> errors)
    {
        var named = new List<ReadingError>(Math.Min(errors.Count, IngestLimits.ErrorsMax));
        var others = 0;
        foreach (var (line, refusal) in errors)
        {
            var resend = Ingest.Resend.Of(refusal.Code);
            if (resend == Ingest.Resend.Later || others++ < IngestLimits.ErrorsMax)
            {
                named.Add(new ReadingError(line, refusal.Code, refusal.Detail, resend));
            }
        }

        return named;
    }
}
