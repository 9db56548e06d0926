using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace AccountGrid.Domain;

/// <summary>A business refusal: a stable code, and a sentence that names the field, the value and what would be right.</summary>
public sealed record Refusal(string Code, string Detail);
