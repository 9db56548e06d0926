namespace AccountGrid.Host.Figures;

/// <summary>A figure of a group.</summary>
/// <param name="Group">Area, class, person, channel, day or month; "all" of the total.</param>
/// <param name="Currency">Of the amount, and of the accounts that were counted.</param>
/// <param name="Name">What was counted or computed: docs/figures.md lists the names.</param>
/// <param name="Detail">Channel, kind, stage, code or person, as the name says; empty is none.</param>
/// <param name="Count">How often; of a share, of how many it is the share.</param>
/// <param name="Amount">Exact; null where the name has no amount.</param>
/// <param name="Value">A share of 1, or days; null where the figure is not computed of others.</param>
/// <param name="Low">Lower bound of the 95 % interval of a share.</param>
/// <param name="High">Upper bound.</param>
public sealed record FigureRow(
    string Group, string Currency, string Name, string Detail, long Count, string? Amount, double? Value, double? Low, double? High);
