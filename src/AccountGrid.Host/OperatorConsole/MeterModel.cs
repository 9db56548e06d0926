using AccountGrid.Host.Metering;

namespace AccountGrid.Host.OperatorConsole;

/// <param name="Zone">Of the account that the meter is on; UTC where it is on none.</param>
public sealed record MeterModel(MeterAnswer Meter, IReadOnlyList<ExplainDay> Days, string Zone);
