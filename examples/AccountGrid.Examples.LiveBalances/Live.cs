/// <summary>A balance as the browser gets it.</summary>
internal sealed record Live(decimal Amount, string Currency, long Version);
