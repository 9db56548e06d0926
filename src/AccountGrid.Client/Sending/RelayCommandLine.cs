using System.Text.Json.Serialization;

namespace AccountGrid.Client.Sending;

internal sealed record RelayCommandLine([property: JsonRequired] string Meter, [property: JsonRequired] int Sequence, [property: JsonRequired] string Action,
    DateTimeOffset? Expires);
