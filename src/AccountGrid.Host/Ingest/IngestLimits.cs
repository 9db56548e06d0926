namespace AccountGrid.Host.Ingest;

/// <summary>Bounds of one push.</summary>
public static class IngestLimits
{
    /// <summary>Readings in one batch: a gateway of 200 meters has two days of quarter hours to resend.</summary>
    public const int ItemsMax = 10_000;

    /// <summary>Bytes of one batch, as sent and unpacked.</summary>
    public const int BytesMax = 8 << 20;

    /// <summary>Rejected lines that are named in the answer, beside those that must be sent again later; the counts are complete all the same.</summary>
    public const int ErrorsMax = 1_000;

    /// <summary>Levels that a field which is not known may be nested.</summary>
    public const int JsonDepthMax = 4;

    /// <summary>Powers of ten that a value may carry.</summary>
    public const int ScaleMin = -3;

    public const int ScaleMax = 6;
}
