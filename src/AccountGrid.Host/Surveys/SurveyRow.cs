using AccountGrid.Domain.State;

namespace AccountGrid.Host.Surveys;

/// <summary>A survey that can be answered.</summary>
/// <param name="Language">The customer's; null is none on record.</param>
/// <param name="Channel">The channel of the payment that it is about; null where it is about none.</param>
internal sealed record SurveyRow(int Partition, string Id, int Account, string AccountId, SurveyOccasion Occasion, string State, string? Language,
    string? Channel = null);
