using AccountGrid.Domain.State;

namespace AccountGrid.Host.Surveys;

/// <summary>An answer, without who gave it.</summary>
/// <param name="Collector">Who closed the case that it is about.</param>
/// <param name="Channel">The channel of the payment that it is about.</param>
internal sealed record SurveyAnswerRow(
    SurveyOccasion Occasion, string? Area, string? Manager, string? Collector, string? Channel, int Satisfaction, int? Effort, string Comment);
