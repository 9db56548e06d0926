using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Events;

/// <summary>A customer was asked how satisfied it is.</summary>
public sealed record SurveyAsked(string SurveyId, SurveyOccasion Occasion) : AccountEvent;
