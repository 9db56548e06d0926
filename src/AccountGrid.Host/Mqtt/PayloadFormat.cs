namespace AccountGrid.Host.Mqtt;

/// <summary>How a profile's messages are written.</summary>
internal enum PayloadFormat
{
    /// <summary>As a body of POST /v1/readings: NDJSON, or JSON with a list of readings.</summary>
    Readings,

    /// <summary>Any JSON, read by pointers.</summary>
    Json,

    /// <summary>Sparkplug B 3.0: protobuf, with birth certificates.</summary>
    SparkplugB,
}
