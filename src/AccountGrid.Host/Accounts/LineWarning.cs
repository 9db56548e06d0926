namespace AccountGrid.Host.Accounts;

/// <param name="Lines">Lines that it is true of.</param>
/// <param name="FirstLine">The first of them, counted from 1.</param>
public sealed record LineWarning(string Code, int Lines, int FirstLine, string Detail);
