using System.Net;
using AccountGrid.Host.Ingest;

namespace AccountGrid.LoadTest.Driving;

/// <summary>What a push came to: taken, or when to try again.</summary>
public readonly record struct PushOutcome(BatchAnswer? Answer, HttpStatusCode? Status, TimeSpan RetryAfter);
