namespace AccountGrid.Host.Metering;

/// <summary>A row of the queue of exceptions. Names are those of its columns.</summary>
internal sealed record ExceptionRow(int Partition, int Meter, string Meter_Id, int Account, string? Account_Id, string Code, short Register,
    long Reading_Ms, long Value_Wh, long Held_Wh, bool Open, string? Detail);
