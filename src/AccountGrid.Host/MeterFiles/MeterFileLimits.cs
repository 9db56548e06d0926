namespace AccountGrid.Host.MeterFiles;

/// <summary>Bounds of one meter-data file.</summary>
internal static class MeterFileLimits
{
    /// <summary>Largest file once it is unpacked, bytes: a year of quarter hours of 300 meters as MeterReadings XML.</summary>
    public const long UnpackedBytesMax = 4L << 30;

    /// <summary>Longest line, characters: a day of NEM12 at five minutes has 288 values.</summary>
    public const int LineMax = 64 * 1024;

    /// <summary>Values of one file; each is kept in 32 bytes until all of its meter are known.</summary>
    public const int ValuesMax = 10_000_000;

    /// <summary>Errors that are named; all are counted.</summary>
    public const int ErrorsMax = 1_000;

    /// <summary>Kinds of what is passed over that are named.</summary>
    public const int PassedMax = 100;

    /// <summary>Values of one element that are kept until the element says which meter they are of.</summary>
    public const int ElementValuesMax = 200_000;

    /// <summary>Levels of XML elements.</summary>
    public const int XmlDepthMax = 32;

    /// <summary>Characters of one text in XML, such as a name.</summary>
    public const int XmlTextMax = 1_024;

    /// <summary>Characters of a value or a time in XML: many are kept until their meter is known.</summary>
    public const int XmlValueMax = 40;

    /// <summary>Links of an entry of a Green Button feed that are kept.</summary>
    public const int EspiLinksMax = 32;

    /// <summary>ReadingTypes, MeterReadings and UsagePoints of one Green Button feed.</summary>
    public const int EspiEntriesMax = 100_000;
}
