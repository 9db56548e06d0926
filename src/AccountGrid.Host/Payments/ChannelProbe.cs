namespace AccountGrid.Host.Payments;

/// <summary>What the grid asks a channel by itself: a GET that any answer of 2xx says yes to. Redirects and private addresses are refused.</summary>
/// <param name="Url">An address with https.</param>
/// <param name="EveryMinutes">1 to 60.</param>
/// <param name="TimeoutSeconds">Longest wait for the answer, 1 to 30 seconds.</param>
public sealed record ChannelProbe(string Url, int EveryMinutes = 5, int TimeoutSeconds = 10);
