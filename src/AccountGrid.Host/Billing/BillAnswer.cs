namespace AccountGrid.Host.Billing;

public sealed record BillAnswer(string Id, string From, string To, string? Due, string Amount, System.Text.Json.JsonElement? Document);
