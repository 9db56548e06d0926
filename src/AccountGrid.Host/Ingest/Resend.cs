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
