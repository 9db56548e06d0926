using System.Text.Json;

namespace AccountGrid.Host.Notices;

/// <summary>A message on its way. Its id does not change over retries and channels.</summary>
/// <param name="Body">The facts it was made of.</param>
/// <param name="Attempt">Attempts on this channel, this one included.</param>
public sealed record OutboxMessage(string Id, string Kind, string Account, JsonElement Body, DateTimeOffset At, int Attempt, string Language = "",
    string Subject = "", string Text = "");
