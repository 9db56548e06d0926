namespace AccountGrid.Host.Lists;

/// <summary>Which meters a list shows. Null is any.</summary>
/// <param name="Areas">Areas of the accounts that meters are on, those below included already.</param>
/// <param name="Manager">Account manager of these accounts.</param>
internal sealed record MeterFilter(string? Account = null, string? Gateway = null, string[]? Areas = null, string? Manager = null);
