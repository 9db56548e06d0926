namespace AccountGrid.Client;

/// <summary>A reading that the grid does not take.</summary>
/// <param name="Reading">As it was added.</param>
/// <param name="Code">Stable code, such as <c>reading.value_invalid</c>; the grid's docs/error-codes.md lists them.</param>
/// <param name="Detail">A sentence with the field, the value and what would be right.</param>
/// <param name="Resend">What to do: <c>corrected</c>: add it again once it is put right; <c>never</c>: drop it; <c>later</c>: it can be added again as it is,
/// and was handed over because <see cref="GatewayOptions.LaterBytesMax"/> is reached.</param>
public sealed record RejectedReading(Reading Reading, string Code, string Detail, string Resend);
