namespace AccountGrid.Host.Mqtt;

/// <summary>Data types of Sparkplug B that a register may have, by the specification's numbers (6.4.16).</summary>
internal enum SparkplugType : uint
{
    Unknown = 0,
    Int8 = 1,
    Int16 = 2,
    Int32 = 3,
    Int64 = 4,
    UInt8 = 5,
    UInt16 = 6,
    UInt32 = 7,
    UInt64 = 8,
    Float = 9,
    Double = 10,
    Boolean = 11,
    String = 12,
    Text = 14,
}
