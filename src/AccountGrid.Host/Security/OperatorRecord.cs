using AccountGrid.Contracts;

namespace AccountGrid.Host.Security;

/// <summary>An operator as the database has it.</summary>
/// <param name="Language"><c>en</c> or <c>zh-CN</c>; empty is what the browser asks for.</param>
/// <param name="Theme"><c>light</c> or <c>dark</c>; empty is what the browser asks for.</param>
internal sealed record OperatorRecord(string Name, string DisplayName, KeyRole Role, string? Scope, string Language, string Theme);
