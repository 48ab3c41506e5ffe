from keras_gans.optimizers.scheduled_adam import ScheduledAdam

__all__ = ["ScheduledAdam"]
