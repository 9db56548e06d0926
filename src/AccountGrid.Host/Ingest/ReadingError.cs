namespace AccountGrid.Host.Ingest;

/// <summary>What a sender does with a rejected line.</summary>
public static class Resend
{
    /// <summary>Keep it and send it again as it is, once an hour: what is wrong is not in the line, and can be put right without it.</summary>
    public const string Later = "later";

    /// <summary>Send the reading again once it is put right; as it is, it will never be taken.</summary>
    public const string Corrected = "corrected";

    /// <summary>Drop it: there is nothing in it that the grid could ever take.</summary>
    public const string Never = "never";

    /// <summary>By the code of the refusal.</summary>
    public static string Of(RefusalCode code)
    {
        // Its registration may be under way, or with another gateway by mistake; a clock that is ahead is caught up with.
        var isPassing = code == ReadingRefusals.MeterUnknown || code == ReadingRefusals.MeterNotYours || code == ReadingRefusals.TimeInFuture;
        return isPassing ? Later : code == ReadingRefusals.RegisterNotCharged ? Never : Corrected;
    }
}

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
