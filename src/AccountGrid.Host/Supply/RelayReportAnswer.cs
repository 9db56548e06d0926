namespace AccountGrid.Host.Supply;

/// <param name="Code">Null where the report was taken.</param>
public sealed record RelayReportAnswer(string Meter, int Sequence, string? Code, string? Detail);
